import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { Ref } from '../api.ts';
import { linkTo, type PageName } from '../paths.ts';

/** An object by its name, as a link to its page. Names are data: whatever is in them is shown, none of it is taken for more. */
export function RefLink(props: { to: PageName; of: Ref | null | undefined }): ReactNode {
  const { of } = props;
  if (of === null || of === undefined) return null;
  return (
    <Link {...linkTo(props.to, of.id)} className="wb-ref" title={of.name}>
      {of.name}
    </Link>
  );
}

/** An address, as a link to all that is known of it. */
export function AddressLink(props: { ip: string; space?: string | undefined }): ReactNode {
  return (
    <Link {...linkTo('address', props.ip, { space: props.space })} className="wb-ref wb-code">
      {props.ip}
    </Link>
  );
}
