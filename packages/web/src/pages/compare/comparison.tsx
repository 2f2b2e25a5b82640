import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { Choice } from '../../ui/choice.tsx';
import { Section } from '../../ui/page.tsx';
import { NetworkPick } from '../networks/pick.tsx';
import { Differences } from './differences.tsx';
import { TableInput, useTableInput, useTableProblem } from './table-input.tsx';
import { addressList } from './table-shapes.ts';

/** More of a cell than this is no name; the API refuses it. */
const CELL_AT_MOST = 1000;
const compared = ['ip', 'mac', 'name', 'dnsName', 'network', 'vrf', 'status'] as const;

type Row = Schemas['CompareInputInput']['rows'][number];

/** A list from elsewhere held against what is recorded and seen. Nothing is changed. */
export function Comparison(): ReactNode {
  const { t } = useTranslation();
  const input = useTableInput(addressList);
  const [space, setSpace] = useState('');
  const [network, setNetwork] = useState<string | undefined>();
  const rows = input.rows.flatMap((row): Row[] => {
    const { line, ip } = row;
    if (ip === undefined) return [];
    const said = compared.flatMap((field) => {
      const cell = row[field];
      return cell === undefined ? [] : [[field, cell.slice(0, CELL_AT_MOST)] as const];
    });
    return [{ ...Object.fromEntries(said), ip, line }];
  });
  const why = useTableProblem(input, rows.length);
  const compare = useMutation({
    mutationFn: () =>
      ask(
        api.POST('/api/v1/compare', {
          body: {
            ...(network !== undefined ? { network } : space !== '' && { space }),
            rows,
          },
        }),
      ),
  });
  return (
    <>
      <Section title={t('compare.list')}>
        <p>{t('compare.what')}</p>
        <TableInput input={input} example={t('compare.example')} />
        {input.rows.length > rows.length && (
          <p className="wb-quiet">
            {t('compare.withoutAddress', { count: input.rows.length - rows.length })}
          </p>
        )}
        <div className="wb-line">
          <NetworkPick label={t('compare.onlyNetwork')} clearable value={network} onChange={setNetwork} />
          {network === undefined && <SpaceChoice value={space} onChange={setSpace} />}
          <ReasonedButton
            type="primary"
            why={why}
            loading={compare.isPending}
            onClick={() => compare.mutate()}
          >
            {t('compare.compare', { count: rows.length })}
          </ReasonedButton>
        </div>
        {compare.isError && <ProblemNotice error={compare.error} />}
      </Section>
      {compare.isSuccess && <Differences result={compare.data} />}
    </>
  );
}

/** Shown only where there is a choice. */
export function SpaceChoice(props: { value: string; onChange: (space: string) => void }): ReactNode {
  const { t } = useTranslation();
  const spaces = useQuery({
    queryKey: ['address-spaces', 'all'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/address-spaces', { params: { query: { limit: 500 } }, signal })),
  });
  const all = spaces.data?.items ?? [];
  if (all.length < 2) return null;
  return (
    <Choice
      labelled
      label={t('compare.space')}
      value={props.value}
      options={[
        { value: '', label: t('compare.anySpace') },
        ...all.map(({ name }) => ({ value: name, label: name })),
      ]}
      onChange={props.onChange}
    />
  );
}
