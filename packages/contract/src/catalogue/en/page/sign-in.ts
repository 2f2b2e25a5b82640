/** The way in. */
export const signIn = {
  title: 'Sign in to Wirebook',
  user: 'User name',
  password: 'Password',
  noUser: 'The user name is missing.',
  noPassword: 'The password is missing.',
  enter: 'Sign in',
  byLink: 'Signing in by the link',
  noWayIn: 'First time here, or no password?',
  firstTime:
    'The first start of the controller prints a link that signs the administrator "admin" in once. Set a password then, under Settings.',
  forgotten: 'On the machine that the controller runs on, this makes a new link:',
} as const;
