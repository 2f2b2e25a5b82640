import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { linkTo } from '../../paths.ts';
import { Section } from '../../ui/page.tsx';
import { MendButton } from './mend-button.tsx';
import { isMendable, isQuiet, type ReasonCode, type Summary } from './reasons.ts';

interface Group {
  readonly code: ReasonCode;
  readonly nics: number;
  readonly text: string;
}

/** The NICs without a record by their first reason: those that need a person, and apart from them those that don't. */
export function ReasonGroups(props: {
  summary: Summary;
  chosen: ReasonCode | undefined;
  account: string | undefined;
}): ReactNode {
  const { t } = useTranslation();
  const { summary, chosen } = props;
  // With a reason chosen its NICs are what is looked at: the others step back.
  const shown = summary.reasons.filter(({ code }) => chosen === undefined || code === chosen);
  const open = shown.filter(({ code }) => !isQuiet(code));
  const quiet = shown.filter(({ code }) => isQuiet(code));
  const rowsOf = (groups: readonly Group[]): ReactNode =>
    groups.map((group) => (
      <GroupRow key={group.code} group={group} chosen={chosen === group.code} account={props.account} />
    ));
  return (
    <Section
      title={t('unresolved.groups')}
      actions={
        chosen !== undefined && (
          <Link to="." search={(before: object) => ({ ...before, reason: undefined })} resetScroll={false}>
            {t('unresolved.showAll')}
          </Link>
        )
      }
    >
      <div className="wb-scroll-x">
        <table className="wb-plain wb-reasons">
          <thead>
            <tr>
              <th scope="col" className="wb-end">
                {t('unresolved.nics')}
              </th>
              <th scope="col">{t('unresolved.reason')}</th>
              <th scope="col">{t('unresolved.mend')}</th>
              <th scope="col">{t('unresolved.manyAtOnce')}</th>
            </tr>
          </thead>
          <tbody>{rowsOf(open)}</tbody>
          {quiet.length > 0 && (
            <tbody className="wb-reasons-quiet">
              <tr>
                <th scope="rowgroup" colSpan={4}>
                  {t('unresolved.quietGroup')}
                </th>
              </tr>
              {rowsOf(quiet)}
            </tbody>
          )}
        </table>
      </div>
    </Section>
  );
}

/** What the numbers aren't narrowed by: their links lead to the lists that they count. */
const uncounted = { wire: undefined, network: undefined, q: undefined };

function GroupRow(props: { group: Group; chosen: boolean; account: string | undefined }): ReactNode {
  const { t } = useTranslation();
  const { group, chosen } = props;
  const { code, nics, text } = group;
  const toNics = {
    to: '.',
    search: (before: object) => ({ ...before, ...uncounted, reason: code }),
    resetScroll: false,
    ...(chosen && { 'aria-current': 'true' as const }),
  };
  return (
    <tr className={chosen ? 'wb-reasons-chosen' : ''}>
      <td className="wb-end wb-reasons-count">
        <Link {...toNics} aria-label={`${nics} ${text}`}>
          {nics}
        </Link>
      </td>
      <td>
        <Link {...toNics}>{text}</Link>
      </td>
      <td className="wb-quiet" title={t(`unresolved.means.${code}`)}>
        {chosen && <div>{t(`unresolved.means.${code}`)}</div>}
        {t(`unresolved.mends.${code}`)}
      </td>
      <td className="wb-reasons-action">
        <GroupAction code={code} nics={nics} account={props.account} />
      </td>
    </tr>
  );
}

function GroupAction(props: { code: ReasonCode; nics: number; account: string | undefined }): ReactNode {
  const { t } = useTranslation();
  const { code, account } = props;
  if (isMendable(code))
    return (
      <MendButton
        label={t('unresolved.mendGroup', { count: props.nics })}
        which={{ reason: [code], ...(account !== undefined && { account }) }}
        button={{ size: 'small' }}
      />
    );
  switch (code) {
    case 'no_network':
      return <Link {...linkTo('proposals')}>{t('unresolved.seeProposals')}</Link>;
    case 'taken':
      return <Link {...linkTo('conflicts')}>{t('unresolved.seeConflicts')}</Link>;
    case 'no_wire':
    case 'vm_unreadable':
      return <Link {...linkTo('accounts')}>{t('unresolved.readAccounts')}</Link>;
    default:
      return null;
  }
}
