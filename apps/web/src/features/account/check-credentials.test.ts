import { expect, it } from 'vitest';
import { checkCredentials } from './check-credentials.ts';

const good = { name: 'Ada', email: 'ada@example.org', password: 'eight888' };

it('accepts what is complete', () => {
  expect(checkCredentials(good, 'sign-up')).toEqual({});
});

it('names every field that is wrong', () => {
  expect(
    Object.keys(checkCredentials({ name: ' ', email: 'ada@', password: 'seven77' }, 'sign-up')).sort(),
  ).toEqual(['email', 'name', 'password']);
});

it('asks for no name and no length to sign in, but for a password', () => {
  expect(checkCredentials({ name: '', email: good.email, password: 'x' }, 'sign-in')).toEqual({});
  expect(checkCredentials({ name: '', email: good.email, password: '' }, 'sign-in')).toHaveProperty(
    'password',
  );
});
