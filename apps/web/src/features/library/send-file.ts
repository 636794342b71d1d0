import type { TrackSummary, UploadAnswer } from '@/api/types.ts';
import { ensureSession } from '@/features/session/session.ts';
import { strings } from '@/strings/index.ts';

/** Sends one file to the library. XMLHttpRequest, because fetch tells nothing about progress. */
export async function sendFile(file: File, onSent: (share: number) => void): Promise<TrackSummary> {
  await ensureSession();
  const form = new FormData();
  form.append('file', file, file.name);
  const answer = await new Promise<UploadAnswer>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', '/api/upload');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 0);
    request.onload = () =>
      isAnswer(request.response) ? resolve(request.response) : reject(new Error(strings.upload.failed));
    request.onerror = () => reject(new Error(strings.upload.failed));
    request.send(form);
  });
  if (!answer.ok) throw new Error(answer.error.message);
  return answer.track;
}

function isAnswer(value: unknown): value is UploadAnswer {
  return typeof value === 'object' && value !== null && 'ok' in value;
}
