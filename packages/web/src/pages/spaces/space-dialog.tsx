import type { ButtonProps } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, ask, type Schemas } from '../../api.ts';
import { useAct } from '../../ui/act.ts';
import { ProblemNotice } from '../../ui/problem-notice.tsx';
import { ReasonedButton } from '../../ui/reasoned-button.tsx';
import { TextField } from '../networks/field.tsx';
import { FormDialog } from '../networks/form-dialog.tsx';

type Space = Schemas['AddressSpace'];

/** Makes an address space, or gives one another name. */
export function SpaceDialog(props: {
  existing?: Space;
  why: string | null;
  button?: ButtonProps;
}): ReactNode {
  const { t } = useTranslation();
  const { existing } = props;
  const title =
    existing === undefined ? t('spaces.create') : t('spaces.renameTitle', { name: existing.name });
  return (
    <FormDialog
      label={existing === undefined ? t('spaces.create') : t('spaces.rename')}
      title={title}
      why={props.why}
      button={{ ...props.button, ...(existing !== undefined && { 'aria-label': title }) }}
    >
      {(close) => <SpaceForm {...(existing !== undefined && { existing })} close={close} />}
    </FormDialog>
  );
}

function SpaceForm(props: { existing?: Space; close: () => void }): ReactNode {
  const { t } = useTranslation();
  const { existing } = props;
  const [entered, setName] = useState(existing?.name ?? '');
  const name = entered.trim();
  const save = useAct(
    () =>
      existing === undefined
        ? ask(api.POST('/api/v1/address-spaces', { body: { name } }))
        : ask(
            api.PATCH('/api/v1/address-spaces/{id}', {
              params: { path: { id: existing.id } },
              body: { name },
            }),
          ),
    {
      done: () => {
        props.close();
        return existing === undefined
          ? t('spaces.isMade', { name })
          : t('spaces.renamed', { name, before: existing.name });
      },
    },
  );
  const why = name === '' ? t('spaces.nameMissing') : name === existing?.name ? t('spaces.sameName') : null;
  return (
    <form
      className="wb-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (why === null && !save.isPending) save.mutate();
      }}
    >
      <p>{t(existing === undefined ? 'spaces.createWhat' : 'spaces.renameWhat')}</p>
      <TextField label={t('spaces.name')} required value={entered} onChange={setName} />
      {save.isError && <ProblemNotice error={save.error} />}
      <div>
        <ReasonedButton type="primary" htmlType="submit" loading={save.isPending} why={why}>
          {existing === undefined ? t('spaces.createNamed', { name }) : t('spaces.renameTo', { name })}
        </ReasonedButton>
      </div>
    </form>
  );
}
