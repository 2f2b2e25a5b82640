import type { ErrorComponentProps } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ProblemNotice } from '../ui/problem-notice.tsx';

/** In place of a page that broke, or that could not be loaded. */
export function PageFailed({ error, reset }: ErrorComponentProps): ReactNode {
  return <ProblemNotice error={error} retry={reset} />;
}
