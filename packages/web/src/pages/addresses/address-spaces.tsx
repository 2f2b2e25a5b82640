import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ProblemBody } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { Notice } from '../../ui/notice.tsx';

/** One address is several where several address spaces know it: whoever reads says which. */
export function Spaces(props: { ip: string; problem: ProblemBody }): ReactNode {
  const { t } = useTranslation();
  const { ip, problem } = props;
  return (
    <Notice kind="info" title={t('why.whichSpace', { ip })}>
      <p>{problem.detail}</p>
      <ul>
        {(problem.objects ?? []).map(({ id, name }) => (
          <li key={id ?? name}>
            <Link {...linkTo('address', ip, { space: name })}>{name}</Link>
          </li>
        ))}
      </ul>
    </Notice>
  );
}
