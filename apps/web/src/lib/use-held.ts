'use client';
import { useState } from 'react';

/** The value as it was when `hold` became true, for as long as it is; else the value itself. */
export function useHeld<T>(value: T, hold: boolean): T {
  const [kept, setKept] = useState(value);
  if (!hold && kept !== value) setKept(value);
  return hold ? kept : value;
}
