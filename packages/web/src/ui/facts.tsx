import { Fragment, type ReactNode } from 'react';

/** Names and values, of which those are left out that aren't there. */
export function Facts(props: { of: readonly (readonly [string, ReactNode])[] }): ReactNode {
  return (
    <dl className="wb-facts">
      {props.of
        .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '')
        .map(([name, value]) => (
          <Fragment key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
    </dl>
  );
}
