import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type Schemas, tell } from '../../api.ts';
import { reaches, useSession } from '../../session.ts';
import { Choice } from '../../ui/choice.tsx';
import { useFilters } from '../../ui/filters.ts';
import { type Column, List } from '../../ui/list.tsx';
import { Moment } from '../../ui/moment.tsx';
import { Empty } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { PreviewedAction } from '../../ui/previewed-action.tsx';
import { TokenCreate } from './token-create.tsx';

type Token = Schemas['Token'];

/** The API tokens of whoever is signed in; administrators can see those of everybody. */
export function Tokens(): ReactNode {
  const { t } = useTranslation();
  const session = useSession();
  const [filters, change] = useFilters();
  const mayAll = reaches(session.data, 'administrator');
  const all = mayAll && filters['tokens'] === 'all';
  const columns = useColumns(all);
  return (
    <Section title={t('settings.tokens')} actions={<TokenCreate />}>
      <p>{t('settings.tokensWhat')}</p>
      <List<Token>
        label={t('settings.tokenList')}
        searchLabel={t('settings.searchTokens')}
        queryKey={['tokens', all]}
        fetchPage={(query, signal) =>
          api.GET('/api/v1/tokens', {
            params: { query: { ...query, ...(all && { all: 'true' as const }) } },
            ...(signal !== undefined && { signal }),
          })
        }
        columns={columns}
        height="320px"
        filters={
          mayAll && (
            <Choice
              label={t('settings.whose')}
              value={all ? 'all' : 'own'}
              options={[
                { value: 'own', label: t('settings.ownTokens') },
                { value: 'all', label: t('settings.allTokens') },
              ]}
              onChange={(value) => change({ tokens: value === 'all' ? value : undefined })}
            />
          )
        }
        empty={
          <Empty title={t(filters['q'] ? 'common.nothingFound' : 'settings.noTokens')}>
            {!filters['q'] && <p>{t('settings.noTokensWhy')}</p>}
          </Empty>
        }
      />
    </Section>
  );
}

function useColumns(all: boolean): readonly Column<Token>[] {
  const { t } = useTranslation();
  return useMemo(
    () => [
      {
        key: 'name',
        title: t('settings.tokenName'),
        sort: 'name',
        width: 'minmax(160px, 2fr)',
        csv: ({ name }) => name,
        render: ({ name }) => <span title={name}>{name}</span>,
      },
      {
        key: 'role',
        title: t('settings.role'),
        width: '130px',
        csv: ({ role }) => t(`states.role.${role}`),
        render: ({ role }) => t(`states.role.${role}`),
      },
      ...(all
        ? [
            {
              key: 'owner',
              title: t('settings.owner'),
              csv: ({ owner }: Token) => owner?.name ?? '',
              render: ({ owner, kind }: Token) =>
                owner === null ? (
                  <span className="wb-quiet" title={t(`settings.tokenKind.${kind}`)}>
                    {t(`settings.tokenKind.${kind}`)}
                  </span>
                ) : (
                  <span title={owner.name}>{owner.name}</span>
                ),
            },
          ]
        : []),
      {
        key: 'made',
        title: t('settings.made'),
        sort: 'createdAt',
        width: '150px',
        csv: ({ createdAt }) => createdAt,
        render: ({ createdAt }) => <Moment at={createdAt} />,
      },
      {
        key: 'expires',
        title: t('settings.expires'),
        sort: 'expiresAt',
        width: '150px',
        csv: ({ expiresAt }) => expiresAt ?? '',
        render: ({ expiresAt }) =>
          expiresAt === null ? (
            <span className="wb-quiet">{t('settings.never')}</span>
          ) : (
            <Moment at={expiresAt} />
          ),
      },
      {
        key: 'actions',
        title: t('settings.revoke'),
        width: '110px',
        render: (token) => <Revoke token={token} />,
      },
    ],
    [t, all],
  );
}

function Revoke(props: { token: Token }): ReactNode {
  const { t } = useTranslation();
  const { token } = props;
  const { name } = token;
  return (
    <PreviewedAction
      label={t('settings.revoke')}
      title={t('settings.revokeTitle', { name })}
      confirm={t('settings.revokeTitle', { name })}
      danger
      button={{ size: 'small', 'aria-label': t('settings.revokeTitle', { name }) }}
      preview={() => Promise.resolve(token)}
      describe={({ kind, role, owner }) => (
        <div className="wb-stack">
          <p>
            {t('settings.revokeEffect', {
              role: t(`states.role.${role}`),
              owner: owner?.name ?? t(`settings.tokenKind.${kind}`),
            })}
          </p>
          {kind === 'data_folder' && <p>{t('settings.revokeFolder')}</p>}
        </div>
      )}
      act={() => tell(api.DELETE('/api/v1/tokens/{id}', { params: { path: { id: token.id } } }))}
      done={() => t('settings.revoked', { name })}
    />
  );
}
