'use client';
import { Volume1, Volume2, VolumeX } from 'lucide-react';
import type { ReactNode } from 'react';
import { strings } from '@/strings/index.ts';
import { usePlayer, usePlayerState } from './player-provider.tsx';

export function VolumeSlider(): ReactNode {
  const player = usePlayer();
  const { volume } = usePlayerState();
  const Icon = volume === 0 ? VolumeX : volume < 0.5 ? Volume1 : Volume2;
  return (
    <label className="flex min-h-11 items-center gap-2 pl-2">
      <Icon size={20} className="text-quiet" aria-hidden />
      <span className="sr-only">{strings.player.volume}</span>
      <input
        type="range"
        min={0}
        max={100}
        step={5}
        value={Math.round(volume * 100)}
        onChange={(event) => player.setVolume(Number(event.target.value) / 100)}
        className="h-6 w-20"
      />
    </label>
  );
}
