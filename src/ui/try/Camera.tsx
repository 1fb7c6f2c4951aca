import { useEffect, useRef, useState } from 'react';
import type { Dataset } from '../../core/dataset.ts';
import { takeVideo, type Taken } from '../../state/try/take.ts';

interface CameraProps {
  readonly dataset: Dataset;
  readonly onTaken: (taken: Taken) => void;
}

/** Why there is no camera, as a sentence that says what it takes. */
function whyNot(error: unknown): string {
  const name = error instanceof DOMException ? error.name : '';
  if (name === 'NotAllowedError')
    return 'The camera was not allowed. Allow it beside the address of the page, then ask again.';
  if (name === 'NotFoundError') return 'There is no camera on this device. Give a file instead.';
  if (name === 'NotReadableError')
    return 'The camera is used by another program. Close that one, then ask again.';
  return `The camera did not start (${String(error)}). Give a file instead.`;
}

/** Asks for the camera when it is clicked, and takes one picture; what it films stays here. */
export function Camera({ dataset, onTaken }: CameraProps) {
  const video = useRef<HTMLVideoElement>(null);
  const [stream, setStream] = useState<MediaStream | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => {
      isHere.current = false;
    };
  }, []);
  useEffect(() => {
    if (!stream) return;
    const film = video.current!;
    film.srcObject = stream;
    void film.play().catch(() => undefined);
    // Whoever leaves does not go on being filmed.
    return () => stream.getTracks().forEach((track) => track.stop());
  }, [stream]);

  const ask = async (): Promise<void> => {
    setProblem(null);
    // A page that is not served by https, or by this machine, has none.
    if (!('mediaDevices' in navigator)) {
      setProblem(
        'This page has no camera: a browser gives one to pages from https or from this machine only. Give a file instead.',
      );
      return;
    }
    try {
      const given = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: 'environment' },
      });
      // Leave may be given after the camera was left.
      if (isHere.current) setStream(given);
      else given.getTracks().forEach((track) => track.stop());
    } catch (error) {
      setProblem(whyNot(error));
    }
  };
  return (
    <div className="camera">
      {stream ? (
        <>
          <video ref={video} muted playsInline aria-label="What the camera sees" />
          <div className="ways">
            <button
              type="button"
              className="button small primary"
              onClick={() => {
                if (video.current!.videoWidth > 0) onTaken(takeVideo(video.current!, dataset));
              }}
            >
              Take the picture
            </button>
            <button type="button" className="button small" onClick={() => setStream(null)}>
              Stop the camera
            </button>
          </div>
        </>
      ) : (
        <p className="panel-help">
          The browser asks for leave first; what it films stays on this page.{' '}
          <button type="button" className="button small" onClick={() => void ask()}>
            Start the camera
          </button>
        </p>
      )}
      {problem && <p role="alert">{problem}</p>}
    </div>
  );
}
