#!/usr/bin/env python3
"""Puts the built page into the package: npx vite build, then python3 python/build_page.py [DIST].

Recorded runs, networks and source maps stay out: what is left is the page itself, two megabytes in a wheel.
"""
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
LEFT_OUT = {"runs", "networks"}


def main() -> None:
    dist = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parent / "dist"
    page = HERE / "offramp" / "page"
    if not (dist / "index.html").is_file():
        sys.exit(f"There is no built page in {dist}: run npx vite build first.")
    shutil.rmtree(page, ignore_errors=True)
    top = str(dist)

    def ignored(folder: str, names: list) -> set:
        return {name for name in names if (folder == top and name in LEFT_OUT) or name.endswith(".map")}

    shutil.copytree(dist, page, ignore=ignored)
    files = [file for file in page.rglob("*") if file.is_file()]
    print(f"{page}: {len(files)} files, {sum(file.stat().st_size for file in files) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
