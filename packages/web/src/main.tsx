import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { I18nextProvider } from 'react-i18next';
import { Refused, speak } from './api.ts';
import { fetchFirstData } from './first-data.ts';
import { firstLanguage, loadControls, openTexts } from './language.ts';
import { Looks } from './looks.tsx';
import { openRouter } from './router.tsx';
import './ui/styles.css';

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // What the controller refuses, it refuses again; what doesn't reach it may the next time.
      retry: (count, error) => !(error instanceof Refused) && count < 2,
    },
  },
});

async function open(): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('the document has no root');
  const language = firstLanguage();
  speak(language);
  const router = openRouter(queries);
  // What the first page needs is asked for at once, beside the texts: its script, who is signed in, and what it shows.
  void router.load();
  void fetchFirstData(queries, location.pathname);
  const [texts, controls] = await Promise.all([openTexts(language), loadControls(language)]);
  // The controller's sentences among what was read are in the language of before.
  texts.on('languageChanged', () => void queries.invalidateQueries());
  createRoot(root).render(
    <StrictMode>
      <I18nextProvider i18n={texts}>
        <Looks texts={texts} controls={controls}>
          <QueryClientProvider client={queries}>
            <RouterProvider router={router} />
          </QueryClientProvider>
        </Looks>
      </I18nextProvider>
    </StrictMode>,
  );
}

void open();
