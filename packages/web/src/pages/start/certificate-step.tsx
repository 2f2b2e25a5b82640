import { useQuery } from '@tanstack/react-query';
import { Button, Spin } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask } from '../../api.ts';
import { Moment } from '../../ui/moment.tsx';
import { Notice } from '../../ui/notice.tsx';
import { Section } from '../../ui/page.tsx';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { grouped } from './draft.ts';

/** Whom one would give the password to. */
export function CertificateStep(props: {
  url: string;
  onBack: () => void;
  onTrusted: (sha256: string | null) => void;
}): ReactNode {
  const { t } = useTranslation();
  const { url } = props;
  const shown = useQuery({
    queryKey: ['certificate', url],
    // Never read again behind one's back: what one has compared, in another window, must be what one then trusts.
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    gcTime: 0,
    retry: false,
    queryFn: ({ signal }) => ask(api.POST('/api/v1/cloud-accounts/certificate', { body: { url }, signal })),
  });
  const certificate = shown.data;
  return (
    <Section title={t('start.certificate.title')}>
      <p>
        {t('start.certificate.of')} <code>{url}</code>
      </p>
      {shown.isPending && <Spin aria-label={t('start.certificate.asking')} />}
      {shown.isError && <ProblemNotice error={shown.error} retry={() => void shown.refetch()} />}
      {certificate !== undefined && (
        <>
          {certificate.trustedByCa ? (
            <Notice kind="good" title={t('start.certificate.vouched')} />
          ) : (
            <Notice kind="warning" title={t('start.certificate.notVouched')}>
              <p>{t('start.certificate.compare')}</p>
              <pre className="wb-start-command">
                <code>{`openssl s_client -connect ${hostOf(url)} </dev/null | openssl x509 -noout -fingerprint -sha256`}</code>
              </pre>
            </Notice>
          )}
          <dl className="wb-facts">
            <dt>{t('start.certificate.sha256')}</dt>
            <dd>
              <code className="wb-start-fingerprint">{grouped(certificate.sha256)}</code>
            </dd>
            <dt>{t('start.certificate.subject')}</dt>
            <dd>{certificate.subject}</dd>
            <dt>{t('start.certificate.issuer')}</dt>
            <dd>{certificate.issuer}</dd>
            <dt>{t('start.certificate.validFrom')}</dt>
            <dd>
              <Moment at={certificate.validFrom} />
            </dd>
            <dt>{t('start.certificate.validTo')}</dt>
            <dd>
              <Moment at={certificate.validTo} />
            </dd>
          </dl>
        </>
      )}
      <div className="wb-line">
        <Button onClick={props.onBack}>{t('start.back')}</Button>
        {certificate !== undefined && (
          <Button
            type="primary"
            autoFocus
            onClick={() => props.onTrusted(certificate.trustedByCa ? null : certificate.sha256)}
          >
            {certificate.trustedByCa ? t('start.certificate.goOn') : t('start.certificate.trust')}
          </Button>
        )}
      </div>
    </Section>
  );
}

function hostOf(url: string): string {
  if (!URL.canParse(url)) return url;
  const { hostname, port } = new URL(url);
  return `${hostname}:${port === '' ? '443' : port}`;
}
