import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { Choice } from '../../ui/choice.tsx';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import './start.css';

type Privilege = Schemas['PrivilegeList']['items'][number];
const extents = ['read', 'all'] as const;
/**
 * An account made for this. Never the one typed into the form: permissions are one to an account and object, and these would take the place of an
 * administrator's own.
 */
const NEW_ACCOUNT = 'VSPHERE.LOCAL\\wirebook';

/** The vCenter role that the account needs, to be copied: what suffices for reading, and what making and changing servers needs. */
export function Privileges(): ReactNode {
  const { t } = useTranslation();
  const [extent, setExtent] = useState<(typeof extents)[number]>('read');
  const list = useQuery({
    queryKey: ['privileges'],
    staleTime: Infinity,
    queryFn: ({ signal }) => ask(api.GET('/api/v1/privileges', { signal })),
  });
  const wanted = (list.data?.items ?? []).filter(
    ({ purposes }) => extent === 'all' || purposes.includes('read'),
  );
  const names = [...new Set(wanted.map(({ privilege }) => privilege))];
  const script = [
    `New-VIRole -Name Wirebook -Privilege (Get-VIPrivilege -Id ${names.join(', ')})`,
    `New-VIPermission -Entity (Get-Folder -NoRecursion) -Principal '${NEW_ACCOUNT}' -Role Wirebook -Propagate $true`,
  ].join('\n');
  return (
    <Section
      title={t('start.privileges.title')}
      actions={
        <Choice
          label={t('start.privileges.extent')}
          value={extent}
          options={extents.map((value) => ({ value, label: t(`start.privileges.${value}`) }))}
          onChange={setExtent}
        />
      }
    >
      <p>{t(`start.privileges.${extent}Intro`)}</p>
      {list.isError && <ProblemNotice error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && (
        <>
          {extent === 'all' && (
            <div className="wb-scroll-x" role="region" aria-label={t('start.privileges.title')} tabIndex={0}>
              <table className="wb-plain">
                <thead>
                  <tr>
                    <th scope="col">{t('start.privileges.where')}</th>
                    <th scope="col">{t('start.privileges.privilege')}</th>
                    <th scope="col">{t('start.privileges.purpose')}</th>
                  </tr>
                </thead>
                <tbody>
                  {groupByPlace(wanted).map(({ place, text, privileges }) => (
                    <tr key={`${place} ${text}`}>
                      <td>{place}</td>
                      <td>
                        <code>{privileges.join(', ')}</code>
                      </td>
                      <td>{text}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          <p>{t('start.privileges.script')}</p>
          <pre className="wb-start-command">
            <code>{script}</code>
          </pre>
          <div className="wb-line">
            <CopyButton text={script} label={t('start.privileges.copyScript')} />
            <CopyButton text={names.join('\n')} label={t('start.privileges.copyNames')} />
          </div>
        </>
      )}
    </Section>
  );
}

function groupByPlace(privileges: readonly Privilege[]) {
  const groups = new Map<string, { place: string; text: string; privileges: string[] }>();
  for (const { object, text, privilege } of privileges) {
    const key = `${object}\n${text}`;
    const group = groups.get(key) ?? { place: object, text, privileges: [] };
    group.privileges.push(privilege);
    groups.set(key, group);
  }
  return [...groups.values()];
}
