import { Download } from 'lucide-react';
import type { ReactNode } from 'react';
import type { TrackSummary } from '@/api/types.ts';
import { buttonClass } from '@/components/ui/button.tsx';
import { strings } from '@/strings/index.ts';

const { downloadMidi, downloadMusicXml, downloadMp3, downloadWav, downloads, downloadHint } = strings.track;

/** Files to keep. Recordings have no MIDI. */
export function Downloads({ track }: { track: TrackSummary }): ReactNode {
  const formats = [
    ...(track.kind === 'score'
      ? [['midi', downloadMidi] as const, ['musicxml', downloadMusicXml] as const]
      : []),
    ['wav', downloadWav] as const,
    ['mp3', downloadMp3] as const,
  ];
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-20">{downloads}</h2>
      <div className="flex flex-wrap gap-2">
        {formats.map(([format, label]) => (
          <a
            key={format}
            href={`/api/tracks/${track.id}/${format}`}
            download
            aria-label={`${downloads} ${label}: ${track.title}`}
            className={buttonClass()}
          >
            <Download size={16} aria-hidden />
            {label}
          </a>
        ))}
      </div>
      <p className="text-12 text-quiet">{downloadHint}</p>
    </section>
  );
}
