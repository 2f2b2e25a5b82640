import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Moment } from '../../../ui/moment.tsx';
import { useCount } from '../../../ui/quantities.ts';
import { AddressStateTag } from '../../../ui/object-states.tsx';
import { type Block, states, whoHas } from './cells.ts';
import { nameOf, readSpan } from './ip-numbers.ts';

/** Who has the address under the pointer, in one line. Screen readers hear it from the cell itself. */
export function Peek(props: { block: Block | undefined }): ReactNode {
  const { t } = useTranslation();
  const count = useCount();
  const { block } = props;
  if (block === undefined)
    return (
      <div className="wb-peek wb-quiet" aria-hidden="true">
        {t('networks.grid.peek')}
      </div>
    );
  const span = readSpan(block.start, block.end);
  const who = whoHas(block);
  return (
    <div className="wb-peek" aria-hidden="true">
      <strong className="wb-code">{span === null ? block.start : nameOf(span)}</strong>
      {block.state === null ? (
        <span>
          {states
            .filter((state) => (block.states[state] ?? 0) > 0)
            .map((state) => `${t(`states.address.${state}`)} ${count(block.states[state] ?? 0)}`)
            .join(' · ')}
        </span>
      ) : (
        <>
          <AddressStateTag state={block.state} />
          {who !== null && <span>{who}</span>}
          {block.nic !== null && <span className="wb-code">{block.nic.mac}</span>}
          {block.since !== null && <Moment at={block.since} />}
          {block.evidence !== null && <span className="wb-quiet">{block.evidence}</span>}
        </>
      )}
    </div>
  );
}
