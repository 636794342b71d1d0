'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import { strings } from '@/strings/index.ts';

const t = strings.search.melody;
const LONGEST_MS = 20_000;

export type Recording =
  | { readonly state: 'idle' | 'asking' | 'recording' | 'reading' }
  | { readonly state: 'failed'; readonly message: string };

/** Records from the microphone, and hands over what was recorded as a WAV file. Nothing is kept here. */
export function useRecording(onRecorded: (file: Blob) => void) {
  const [recording, setRecording] = useState<Recording>({ state: 'idle' });
  const recorder = useRef<MediaRecorder>(undefined);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const stop = useCallback(() => {
    clearTimeout(timer.current);
    if (recorder.current?.state === 'recording') recorder.current.stop();
  }, []);
  useEffect(() => stop, [stop]);

  const start = useCallback(async () => {
    setRecording({ state: 'asking' });
    let stream: MediaStream;
    try {
      // Echo and noise suppression are made for speech: they cut held notes to pieces.
      const audio = {
        channelCount: 1,
        echoCancellation: false,
        noiseSuppression: false,
        autoGainControl: true,
      };
      stream = await navigator.mediaDevices.getUserMedia({ audio });
    } catch (error) {
      const refused = error instanceof DOMException && error.name === 'NotAllowedError';
      return setRecording({ state: 'failed', message: refused ? t.refused : t.noMicrophone });
    }
    const parts: Blob[] = [];
    const made = new MediaRecorder(stream);
    recorder.current = made;
    made.ondataavailable = ({ data }) => parts.push(data);
    made.onstop = () => {
      for (const track of stream.getTracks()) track.stop();
      setRecording({ state: 'reading' });
      asWav(new Blob(parts, { type: made.mimeType })).then(
        (file) => {
          setRecording({ state: 'idle' });
          onRecorded(file);
        },
        () => setRecording({ state: 'failed', message: t.unreadable }),
      );
    };
    made.start();
    setRecording({ state: 'recording' });
    timer.current = setTimeout(stop, LONGEST_MS);
  }, [onRecorded, stop]);

  return { recording, start, stop };
}

/** Browsers record in formats of their own; they also decode them. One channel is enough for a voice. */
async function asWav(recorded: Blob): Promise<Blob> {
  const context = new AudioContext();
  try {
    const sound = await context.decodeAudioData(await recorded.arrayBuffer());
    const { writeWav } = await import('@attune/core/audio');
    const bytes = writeWav({ sampleRate: sound.sampleRate, channels: [sound.getChannelData(0)] });
    return new Blob([bytes], { type: 'audio/wav' });
  } finally {
    await context.close();
  }
}
