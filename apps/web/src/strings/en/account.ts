/** The account. */
export const account = {
  account: {
    title: 'Account',
    guest: 'You are a guest',
    guestHint: (ratings: string) =>
      `Everything works without an account, in this browser only. Sign up to keep your taste and ${ratings} on every device.`,
    signedInAs: (name: string, email: string) => `Signed in as ${name} (${email})`,
    signUp: 'Sign up',
    signUpKeep: 'Sign up and keep my ratings',
    signIn: 'Sign in',
    signInInstead: 'I already have an account',
    signUpInstead: 'I need an account',
    signOut: 'Sign out',
    signedOut: 'Signed out. You are a guest now.',
    welcome: (name: string) => `Welcome, ${name}. Your ratings are kept.`,
    welcomeBack: (name: string) => `Welcome back, ${name}.`,
    name: 'Name',
    email: 'Email',
    password: 'Password',
    passwordHint: 'At least 8 characters.',
    errors: {
      taken: 'There is already an account with this email. Sign in instead.',
      wrong: 'Email and password do not match. Check both and try again.',
      short: 'The password needs at least 8 characters.',
      email: 'This does not look like an email address.',
      name: 'Please give a name.',
      busy: 'Too many tries. Wait a minute and try again.',
    },
    sharing: 'What others have of yours',
    sharingPrivate: (epsilon: number) =>
      `On this server, ratings of the catalogue are used to find what listeners have in common, but only as statistics with random noise in them. The noise hides whether any one person took part (differential privacy, ε = ${epsilon} for everything ever published: smaller hides more). Names are not used, nor what you play, upload or compose.`,
    sharingOn:
      'Your ratings of the catalogue, without your name, help to find what listeners have in common. What you play, upload or compose is not used.',
    sharingOff:
      'On this server nothing is learned from what listeners have in common. Your ratings serve you alone.',
    sharingYes: 'Your ratings are part of it. To stop, turn “listeners like you” off.',
    sharingYesPrivate:
      'Your ratings are part of the next statistics. To stop, turn “listeners like you” off; what was published before stays.',
    sharingNo:
      'You turned “listeners like you” off: your ratings are not part of it, and your recommendations do not use it.',
    sharingStop: 'Turn “listeners like you” off',
    sharingStart: 'Turn “listeners like you” on',
    sharingReason: 'liked by listeners like you',
    data: 'Your data',
    export: 'Export everything',
    exportHint: 'One JSON file with your ratings, plays, taste and pieces.',
    exported: 'Export saved.',
    erase: 'Erase everything',
    eraseHint: 'Deletes your account, ratings, uploads and composed pieces from the server, files too.',
    eraseTitle: 'Erase everything?',
    eraseText:
      'Your account, ratings, taste, uploads and composed pieces will be deleted. This cannot be undone.',
    eraseType: (word: string) => `Type ${word} to confirm`,
    eraseWord: 'erase',
    eraseConfirm: 'Erase everything',
    erased: 'Everything was erased. You are a new guest.',
  },
};
