'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { LikeSearch, SearchAspect } from '@/api/search.ts';
import { strings } from '@/strings/index.ts';
import { askOn } from './ask-on.ts';
import { sendExample } from './send-example.ts';

/** What is searched by: a file, as a whole, in an aspect or as a hummed melody. */
interface ExampleQuestion {
  readonly file: Blob;
  readonly by: SearchAspect | 'hum';
}

interface Searching {
  readonly answer: LikeSearch | undefined;
  readonly error: string | undefined;
  readonly isGoingOn: boolean;
}

const NOTHING: Searching = { answer: undefined, error: undefined, isGoingOn: false };

/** Searches by a file, and goes on until all of the catalogue was looked into; what was found so far is shown meanwhile. */
export function useExample() {
  const [state, setState] = useState(NOTHING);
  const running = useRef<AbortController>(undefined);
  const asked = useRef<ExampleQuestion>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const go = useCallback((question: ExampleQuestion, answer: LikeSearch | undefined) => {
    running.current?.abort();
    const controller = new AbortController();
    const { signal } = controller;
    running.current = controller;
    asked.current = question;
    setState({ answer, error: undefined, isGoingOn: true });
    askOn({
      ask: () => sendExample(question.file, question.by, signal),
      onAnswer: (said) => setState({ answer: said, error: undefined, isGoingOn: said.isMore }),
      signal,
    }).catch((error: unknown) => {
      if (signal.aborted) return;
      const message = error instanceof Error ? error.message : strings.common.failed;
      setState({ answer: undefined, error: message, isGoingOn: false });
    });
  }, []);
  const search = useCallback((question: ExampleQuestion) => go(question, undefined), [go]);
  const stop = useCallback(() => {
    running.current?.abort();
    setState((before) => ({ ...before, isGoingOn: false }));
  }, []);
  const goOn = useCallback(() => {
    if (asked.current) go(asked.current, state.answer);
  }, [go, state.answer]);
  return { ...state, search, stop, goOn };
}
