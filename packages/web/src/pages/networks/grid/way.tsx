import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../../api.ts';
import { linkTo } from '../../../paths.ts';
import { useFilters } from '../../../ui/filters.ts';
import { nameOf, readIp, type Span, writeIp } from './ip-numbers.ts';
import { neighbourOf, same, wayTo, windowOf } from './windows.ts';

export function queryOf(range: Span, window: Span): Record<string, string | undefined> {
  if (same(range, window)) return {};
  return { from: writeIp(window.family, window.start), to: writeIp(window.family, window.end) };
}

/** Where in the network the grid is: back by breadcrumbs, to the neighbours, or straight to an address. */
export function Way(props: { network: Schemas['Network']; range: Span; window: Span }): ReactNode {
  const { t } = useTranslation();
  const [filters, change] = useFilters();
  const { network, range, window } = props;
  const [asked, setAsked] = useState('');
  const [wrong, setWrong] = useState(false);
  const state = filters['state'];
  // Another part of the same network is another place, not the page one is on.
  const to = (span: Span) => ({
    ...linkTo('network', network.id, { ...queryOf(range, span), state }),
    activeOptions: { exact: true, includeSearch: true },
  });
  const way = wayTo(range, window);
  const [before, after] = [neighbourOf(range, window, -1n), neighbourOf(range, window, 1n)];
  return (
    <div className="wb-way">
      <nav aria-label={t('networks.grid.way')}>
        <ol>
          {way.map((span) => (
            <li key={nameOf(span)}>
              {same(span, window) ? (
                <strong className="wb-code">{nameOf(span)}</strong>
              ) : (
                <Link {...to(span)} className="wb-code">
                  {nameOf(span)}
                </Link>
              )}
            </li>
          ))}
        </ol>
      </nav>
      {before !== null && (
        <Link {...to(before)} title={nameOf(before)}>
          <span aria-hidden="true">← </span>
          {t('networks.grid.before')}
        </Link>
      )}
      {after !== null && (
        <Link {...to(after)} title={nameOf(after)}>
          {t('networks.grid.after')}
          <span aria-hidden="true"> →</span>
        </Link>
      )}
      <span className="wb-grow" />
      <form
        className="wb-line"
        onSubmit={(event) => {
          event.preventDefault();
          const ip = readIp(asked.trim());
          const there =
            ip !== null && ip.family === range.family && ip.value >= range.start && ip.value <= range.end;
          setWrong(!there);
          if (!there) return;
          const found = writeIp(ip.family, ip.value);
          change({
            from: undefined,
            to: undefined,
            ...queryOf(range, windowOf(range, ip.value)),
            at: found,
            till: undefined,
          });
        }}
      >
        <input
          className="wb-input wb-code wb-jump"
          aria-label={t('networks.grid.jump')}
          placeholder={t('networks.grid.jump')}
          value={asked}
          aria-invalid={wrong}
          onChange={(event) => {
            setAsked(event.target.value);
            setWrong(false);
          }}
        />
        <Button htmlType="submit">{t('networks.grid.go')}</Button>
        {wrong && (
          <span role="alert" className="wb-wrong">
            {t('networks.grid.notIn', { start: network.start, end: network.end })}
          </span>
        )}
      </form>
    </div>
  );
}
