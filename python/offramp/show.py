"""show: the built page, served to this machine alone, with traces open in it."""
from __future__ import annotations

import html
import json
import mimetypes
import sys
import threading
import webbrowser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple, Union
from urllib.parse import quote, unquote, urlsplit

from .errors import TraceError
from .files import encode, name_of
from .opening import open_trace
from .recording import Recording
from .trace import Trace

PAGE = Path(__file__).parent / "page"
#: What systems' own tables call differently, or not at all; a browser runs no module of another type.
TYPES = {
    ".js": "text/javascript", ".mjs": "text/javascript", ".wasm": "application/wasm", ".json": "application/json",
    ".svg": "image/svg+xml", ".css": "text/css", ".html": "text/html; charset=utf-8",
}  # fmt: skip

Showable = Union[Trace, Recording, str, Path]


class Shown:
    """The page while it is served. `url` opens it; `close()` ends the server. In a notebook it is an IFrame."""

    def __init__(self, server: ThreadingHTTPServer, url: str, height: int) -> None:
        self._server, self.url, self.height = server, url, height

    def close(self) -> None:
        """Ends the server; the page in a browser keeps what it has loaded."""
        self._server.shutdown()
        self._server.server_close()

    def wait(self) -> None:
        """Waits until the person presses Ctrl-C, then closes."""
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            self.close()

    def _repr_html_(self) -> str:
        address = html.escape(self.url, quote=True)
        return (
            f'<iframe src="{address}" title="Offramp" style="width: 100%; height: {self.height}px; border: 0"></iframe>'
            f'<p><a href="{address}" target="_blank" rel="noopener">Open in a tab of its own</a></p>'
        )

    def __repr__(self) -> str:
        return f"<Offramp at {self.url}>"


def show(
    *traces: Showable, port: int = 0, browser: Optional[bool] = None, wait: Optional[bool] = None, height: int = 900
) -> Shown:
    """Serves the page on 127.0.0.1 with traces open, and opens the browser.

    traces   Traces, Recordings, or paths that `offramp.open` opens without further words
    port     0: any that is free
    browser  whether to open one; by default not in a notebook
    wait     whether to go on serving until Ctrl-C; by default in a script, which would end otherwise
    height   of the IFrame in a notebook, in pixels

    Raises TraceError when a trace cannot be read, or the package was built without the page.
    """
    if not (PAGE / "index.html").is_file():
        raise TraceError(
            "This copy of offramp has no page inside. From the repository: npx vite build, then python3 python/build_page.py."
        )
    files, names = served(traces)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", port), handler_of(files))
    except OSError as error:
        raise TraceError(f"Port {port} cannot be used ({error.strerror}); port=0 takes any that is free.") from None
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="offramp", daemon=True).start()
    query = "&".join(f"trace=./traces/{quote(name)}.trace.json" for name in names)
    url = f"http://127.0.0.1:{server.server_address[1]}/" + (f"?{query}" if query else "")
    shown = Shown(server, url, height)
    notebook = in_notebook()
    if browser if browser is not None else not notebook:
        webbrowser.open(url)
    if wait if wait is not None else not (notebook or hasattr(sys, "ps1") or sys.flags.interactive):
        print(f"Offramp is at {url} — Ctrl-C ends it.", file=sys.stderr)
        shown.wait()
    return shown


def in_notebook() -> bool:
    """Whether a Jupyter kernel runs this."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and hasattr(shell, "kernel")


def served(traces: Tuple[Showable, ...]) -> Tuple[Dict[str, bytes], List[str]]:
    """The files of traces by their path under the page, and the traces' names."""
    found: List[Trace] = []
    for item in traces:
        opened = open_trace(item) if isinstance(item, (str, Path)) else item
        if isinstance(opened, Trace):
            found.append(opened)
        elif isinstance(opened, Recording):
            found += opened.traces
        else:
            raise TraceError(f"A {type(item).__name__} cannot be shown; expected a Trace, a Recording or a path.")
    files: Dict[str, bytes] = {}
    names: List[str] = []
    for trace in found:
        base = name = name_of(trace)
        n = 1
        while name in names:  # two runs of one network are told apart by a number
            n += 1
            name = f"{base}-{n}"
        header, raw = encode(trace)
        files[f"/traces/{name}.trace.json"] = json.dumps(header, allow_nan=False).encode()
        files[f"/traces/{name}.trace.bin"] = raw
        names.append(name)
    return files, names


def handler_of(files: Dict[str, bytes]) -> type:
    """Serves the page's files and those in memory, to requests for this machine alone."""

    class Handler(BaseHTTPRequestHandler):
        server_version = "offramp"

        def do_GET(self) -> None:
            self.answer(True)

        def do_HEAD(self) -> None:
            self.answer(False)

        def answer(self, with_body: bool) -> None:
            # A page elsewhere may point a name of its own at 127.0.0.1; only requests that say this address are answered.
            host = (self.headers.get("Host") or "").rsplit(":", 1)[0]
            if host not in ("127.0.0.1", "localhost"):
                return self.refuse(403, "Only this machine is served.")
            path = unquote(urlsplit(self.path).path)
            found = files.get(path)
            if found is None:
                found = page_file(path)
            if found is None:
                return self.refuse(404, "There is no such file.")
            name = "index.html" if path == "/" else path
            self.send_response(200)
            self.send_header("Content-Type", type_of(name))
            self.send_header("Content-Length", str(len(found)))
            self.send_header("Cache-Control", "no-store")
            self.send_header("X-Content-Type-Options", "nosniff")
            self.end_headers()
            if with_body:
                self.wfile.write(found)

        def refuse(self, status: int, why: str) -> None:
            body = why.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/plain; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet: a notebook's cell is no log."""

    return Handler


def page_file(path: str) -> Optional[bytes]:
    """A file of the page; None for what is not there, and for every way out of the folder."""
    name = path.lstrip("/") or "index.html"
    try:
        file = (PAGE / name).resolve()
        inside = PAGE.resolve() in file.parents
        return file.read_bytes() if inside and file.is_file() else None
    except (OSError, ValueError):
        return None


def type_of(name: str) -> str:
    return TYPES.get(Path(name).suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
