import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { Schemas } from '../../../api.ts';
import { linkTo } from '../../../paths.ts';
import { CopyButton } from '../../../ui/copy-button.tsx';
import { useServerName } from './picture-tools.tsx';
import { pathInWords } from './server-path.ts';

/** The lit way as text: for whoever doesn't see the drawing, and for a ticket. */
export function PathWords(props: { picture: Schemas['WirePicture']; server: string }): ReactNode {
  const { t } = useTranslation();
  const { picture } = props;
  const name = useServerName(props.server);
  const lines = (picture.path ?? []).map((path) => ({
    id: path.nic.id,
    text: pathInWords(picture, path, name, t),
  }));
  if (picture.path === undefined) return null;
  return (
    <div className="wb-notice wb-notice-info wb-path" role="status">
      <div className="wb-line">
        <strong>{t('wires.picture.path.title')}</strong>
        <Link {...linkTo('server', props.server)} className="wb-inline-link">
          {name}
        </Link>
        {lines.length > 0 && <CopyButton text={lines.map(({ text }) => text).join('\n')} />}
      </div>
      {lines.length === 0 && <p>{t('wires.picture.path.notHere', { server: name })}</p>}
      {lines.map(({ id, text }) => (
        <p key={id} className="wb-path-words">
          {text}
        </p>
      ))}
    </div>
  );
}
