'use client';
import { useState, type ReactNode } from 'react';
import { Button } from '@/components/ui/button.tsx';
import { TextField } from '@/components/ui/field.tsx';
import { useFeedback } from '@/features/feedback/feedback-provider.tsx';
import { strings } from '@/strings/index.ts';
import { checkCredentials, type CredentialErrors } from './check-credentials.ts';
import { useAccount, type Credentials } from './use-account.ts';

export type CredentialsMode = 'sign-up' | 'sign-in';

const EMPTY: Credentials = { name: '', email: '', password: '' };
const t = strings.account;

/** Signs up (keeping what the guest did) or in. Errors stand at their field, or under the form. */
export function CredentialsForm({ mode }: { mode: CredentialsMode }): ReactNode {
  const account = useAccount();
  const { toast } = useFeedback();
  const [values, setValues] = useState(EMPTY);
  const [errors, setErrors] = useState<CredentialErrors>({});
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const signingUp = mode === 'sign-up';

  const submit = async (): Promise<void> => {
    const found = checkCredentials(values, mode);
    setErrors(found);
    setFailure(null);
    if (Object.keys(found).length > 0) return;
    setBusy(true);
    const error = await (signingUp ? account.signUp : account.signIn)(values).catch(
      () => strings.common.failed,
    );
    setBusy(false);
    if (error) setFailure(error);
    else toast({ message: signingUp ? t.welcome(values.name.trim()) : t.welcomeBack(values.email.trim()) });
  };
  const field = (name: keyof Credentials) => ({
    value: values[name],
    error: errors[name],
    required: true,
    onChange: (event: { target: { value: string } }) => setValues({ ...values, [name]: event.target.value }),
  });

  return (
    <form
      noValidate
      aria-label={signingUp ? t.signUp : t.signIn}
      className="flex w-full max-w-[400px] flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {signingUp ? <TextField label={t.name} autoComplete="name" {...field('name')} /> : null}
      <TextField label={t.email} type="email" autoComplete="email" {...field('email')} />
      <TextField
        label={t.password}
        type="password"
        autoComplete={signingUp ? 'new-password' : 'current-password'}
        hint={signingUp ? t.passwordHint : undefined}
        {...field('password')}
      />
      {failure ? (
        <p role="alert" className="text-danger">
          {failure}
        </p>
      ) : null}
      <Button type="submit" tone="primary" disabled={busy} aria-busy={busy}>
        {signingUp ? t.signUpKeep : t.signIn}
      </Button>
    </form>
  );
}
