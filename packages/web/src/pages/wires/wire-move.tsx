import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button, Modal, Spin } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { linkTo } from '../../paths.ts';
import { useAct } from '../../ui/act.ts';
import { Choice } from '../../ui/choice.tsx';
import { useNeeds } from '../../ui/needs.ts';
import { Notice } from '../../ui/notice.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { RefLink } from '../../ui/ref-link.tsx';
import { originOf, useNetworksOf } from './wire-networks.tsx';

type Wire = Schemas['Wire'];

/** Puts the wire, and with it its networks, into another routing domain; says beforehand what goes along and what stands in the way. */
export function WireMove({ wire }: { wire: Wire }): ReactNode {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const why = useNeeds('operator');
  return (
    <>
      <ReasonedButton why={why} onClick={() => setOpen(true)}>
        {t('wires.move.button')}
      </ReasonedButton>
      {open && <MoveDialog wire={wire} close={() => setOpen(false)} />}
    </>
  );
}

function MoveDialog({ wire, close }: { wire: Wire; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState('');
  const spaces = useQuery({
    queryKey: ['address-spaces', 'names'],
    queryFn: ({ signal }) =>
      ask(api.GET('/api/v1/address-spaces', { params: { query: { limit: 500 } }, signal })),
  });
  const networks = useNetworksOf(wire);
  const move = useAct(
    (space: string) =>
      ask(api.PATCH('/api/v1/wires/{id}', { params: { path: { id: wire.id } }, body: { space } })),
    {
      done: (moved) => {
        close();
        return t('wires.move.done', { name: moved.name, space: moved.space.name });
      },
    },
  );
  const others = (spaces.data?.items ?? []).filter(({ id }) => id !== wire.space.id);
  const target = others.find(({ id }) => id === chosen);
  const hindrances = (networks.data?.items ?? []).flatMap((network) => {
    if (originOf(network, wire) !== 'primary')
      return [t('wires.move.additionalHere', { network: network.name })];
    return network.additionalWires.map((other) =>
      t('wires.move.additionalElsewhere', { network: network.name, wire: other.wire.name }),
    );
  });
  const going = (networks.data?.items ?? []).filter((network) => originOf(network, wire) === 'primary');
  const waiting = spaces.data === undefined || networks.data === undefined;
  const failed = spaces.error ?? networks.error;
  return (
    <Modal
      open
      title={t('wires.move.title', { name: wire.name })}
      width={640}
      onCancel={close}
      footer={[
        <Button key="no" onClick={close}>
          {t('common.cancel')}
        </Button>,
        <ReasonedButton
          key="yes"
          type="primary"
          loading={move.isPending}
          why={
            hindrances[0] ??
            (waiting ? t('common.loading') : target === undefined ? t('wires.move.notChosen') : null)
          }
          onClick={() => move.mutate(chosen)}
        >
          {target === undefined ? t('wires.move.button') : t('wires.move.confirm', { space: target.name })}
        </ReasonedButton>,
      ]}
    >
      <div className="wb-stack">
        <p>{t('wires.move.from', { space: wire.space.name })}</p>
        <p>{t('wires.move.meaning')}</p>
        {failed !== null && <ProblemNotice error={failed} />}
        {waiting && failed === null && <Spin aria-label={t('common.loading')} />}
        {!waiting && (
          <>
            {others.length === 0 ? (
              <p>
                {t('wires.move.noOther')}{' '}
                <Link {...linkTo('spaces')} className="wb-inline-link">
                  {t('wires.move.toSpaces')}
                </Link>
              </p>
            ) : (
              <Choice
                labelled
                label={t('wires.move.to')}
                value={chosen}
                options={[
                  { value: '', label: t('wires.move.choose') },
                  ...others.map(({ id, name }) => ({ value: id, label: name })),
                ]}
                onChange={setChosen}
              />
            )}
            {going.length === 0 ? (
              <p>{t('wires.move.goesNone')}</p>
            ) : (
              <div>
                <p>{t('wires.move.goes', { count: going.length })}</p>
                <ul className="wb-wire-going">
                  {going.map((network) => (
                    <li key={network.id}>
                      <RefLink to="network" of={network} /> <code>{network.cidr}</code>
                    </li>
                  ))}
                </ul>
              </div>
            )}
            <p>{t('wires.move.nics', { count: wire.counts.nics })}</p>
            {hindrances.length > 0 && (
              <Notice kind="warning" title={t('wires.move.hindered')}>
                <ul>
                  {hindrances.map((text) => (
                    <li key={text}>{text}</li>
                  ))}
                </ul>
              </Notice>
            )}
          </>
        )}
        {move.isError && <ProblemNotice error={move.error} />}
      </div>
    </Modal>
  );
}
