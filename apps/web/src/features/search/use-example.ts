'use client';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { LikeSearch, SearchAspect } from '@/api/search.ts';
import { sendExample } from './send-example.ts';

const AGAIN_MS = 500;

/** Searches by a file; asks again while the catalogue is still being learned, and forgets an answer that comes too late. */
export function useExample() {
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const search = useMutation({
    mutationFn: async ({ file, by }: { file: Blob; by: SearchAspect | 'hum' }): Promise<LikeSearch> => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      for (;;) {
        const answer = await sendExample(file, by, controller.signal);
        if (answer.searched >= answer.total || answer.found.length > 0) return answer;
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    },
  });
  return search;
}
