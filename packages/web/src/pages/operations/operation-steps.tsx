import { Progress } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from '@tanstack/react-router';
import { linkTo } from '../../paths.ts';
import { StateTag, type Tone } from '../../ui/state-tag.tsx';
import { isUnderWay, type Operation, type Step, tookText } from './operation-words.ts';

const tones: Record<Step['state'], Tone> = {
  pending: 'quiet',
  running: 'busy',
  done: 'good',
  failed: 'bad',
  undoing: 'busy',
  undone: 'warning',
  not_undone: 'bad',
  skipped: 'quiet',
};

/** Of a step that was taken back, the time between its beginning and its end says nothing. */
const timed: ReadonlySet<Step['state']> = new Set(['running', 'done', 'failed']);

/** How far it has come, and each step with its state, its time and what came of it. */
export function OperationSteps(props: { operation: Operation }): ReactNode {
  const { t } = useTranslation();
  const { operation } = props;
  const { steps, progress, state } = operation;
  const whole = operation.kind === 'create_servers';
  const undoing = steps.some((step) => step.state === 'undoing');
  const made = new Map(operation.result?.servers.map((one) => [one.server.name, one.operation]));
  return (
    <>
      <div role="status" className="wb-line">
        <span>{t(whole ? 'operations.serversDone' : 'operations.stepsDone', { ...progress })}</span>
        {state === 'queued' && <span>{t('operations.waits')}</span>}
        {undoing && <span>{t('operations.undoing')}</span>}
      </div>
      <Progress
        aria-label={t('operations.progress')}
        percent={progress.total === 0 ? 0 : Math.floor((100 * progress.done) / progress.total)}
        status={isUnderWay(operation) ? 'active' : state === 'succeeded' ? 'success' : 'exception'}
      />
      <div className="wb-scroll-x" role="group" aria-label={t('operations.course')} tabIndex={0}>
        <table className="wb-plain wb-operation-steps">
          <thead>
            <tr>
              <th scope="col" className="wb-end">
                {'#'}
              </th>
              <th scope="col">{t('operations.columnStep')}</th>
              <th scope="col">{t('operations.columnState')}</th>
              <th scope="col" className="wb-end">
                {t('operations.columnTook')}
              </th>
              <th scope="col">{t('operations.columnDetail')}</th>
            </tr>
          </thead>
          <tbody>
            {steps.map((step, index) => {
              const part = whole ? made.get(step.name) : undefined;
              return (
                <tr key={step.name} {...(step.state === 'running' && { 'aria-current': 'step' as const })}>
                  <td className="wb-end wb-quiet">{index + 1}</td>
                  <td>
                    {part === undefined ? (
                      step.title
                    ) : (
                      <Link {...linkTo('operation', part)}>{step.title}</Link>
                    )}
                  </td>
                  <td>
                    <StateTag tone={tones[step.state]}>{t(`operations.stepState.${step.state}`)}</StateTag>
                  </td>
                  <td className="wb-end wb-nowrap">{timed.has(step.state) && tookText(step, t)}</td>
                  <td>{step.detail}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </>
  );
}
