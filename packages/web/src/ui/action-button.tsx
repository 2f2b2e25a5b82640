import { useNavigate } from '@tanstack/react-router';
import { type ButtonProps, Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas, send } from '../api.ts';
import { linkTo, type PageName } from '../paths.ts';
import { useAct } from './act.ts';
import { useNeeds } from './needs.ts';
import { isNetworkEffect, NetworkEffectSummary } from './network-effect.tsx';
import { PreviewedAction } from './previewed-action.tsx';
import { ProblemNotice } from './problem-notice.tsx';
import { ReasonedButton } from './reasoned-button.tsx';

export type Action = Schemas['Action'];
type Request = NonNullable<Action['request']>;

/**
 * What the API says would mend something, as a button that says what it does: it leads to where one looks, or shows what would come of it and then
 * does it. Nothing where something has to be filled in first: that takes a form.
 */
export function ActionButton(props: { action: Action; button?: ButtonProps }): ReactNode {
  const { t } = useTranslation();
  const why = useNeeds('operator');
  const { action } = props;
  const button: ButtonProps = { title: action.label, ...props.button };
  const { request } = action;
  if (request === null) return null;
  if (request.method === 'GET') return <LookButton action={action} path={request.path} button={button} />;
  if (request.path.endsWith('/sync'))
    return <ReadButton label={action.label} request={request} why={why} button={button} />;
  const conflict = /\/conflicts\/([^/]+)\/resolve$/.exec(request.path)?.[1];
  if (conflict !== undefined)
    return (
      <PreviewedAction
        label={action.label}
        title={action.label}
        why={why}
        button={button}
        preview={(signal) =>
          ask(api.GET('/api/v1/conflicts/{id}', { params: { path: { id: conflict } }, signal }))
        }
        describe={({ text }) => (
          <div className="wb-stack">
            <p>{text}</p>
            <p>{t(`conflicts.consequence.${resolutionOf(request)}`)}</p>
          </div>
        )}
        act={() => send(request)}
        done={() => t('actions.done', { what: action.label })}
      />
    );
  return (
    <PreviewedAction
      label={action.label}
      title={action.label}
      why={why}
      button={button}
      preview={() => send(request, { dryRun: true })}
      describe={(effect) => (
        <>
          {request.path.endsWith('/excluded-wires') && <p>{t('actions.excludes')}</p>}
          {isNetworkEffect(effect) ? <NetworkEffectSummary effect={effect} /> : <p>{action.label}</p>}
        </>
      )}
      act={() => send(request)}
      done={() => t('actions.done', { what: action.label })}
    />
  );
}

function resolutionOf(request: Request): 'keep' | 'give' | 'share' {
  const wanted = request.body?.['resolution'];
  return wanted === 'give' || wanted === 'share' ? wanted : 'keep';
}

/** Lists of the API that have a page of the same name. */
const listPages: Record<string, PageName> = { proposals: 'proposals', conflicts: 'conflicts' };

function LookButton(props: { action: Action; path: string; button: ButtonProps }): ReactNode {
  const navigate = useNavigate();
  const url = new URL(props.path, location.origin);
  const page = listPages[url.pathname.split('/').at(-1) ?? ''];
  if (page === undefined) return null;
  const destination = linkTo(page, undefined, Object.fromEntries(url.searchParams));
  return (
    <Button {...props.button} onClick={() => void navigate(destination)}>
      {props.action.label}
    </Button>
  );
}

function ReadButton(props: {
  label: string;
  request: Request;
  why: string | null;
  button: ButtonProps;
}): ReactNode {
  const { t } = useTranslation();
  const act = useAct<void, unknown>(() => send(props.request), { done: () => t('actions.reading') });
  return (
    <>
      <ReasonedButton {...props.button} why={props.why} loading={act.isPending} onClick={() => act.mutate()}>
        {props.label}
      </ReasonedButton>
      {act.isError && <ProblemNotice error={act.error} />}
    </>
  );
}
