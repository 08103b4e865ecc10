import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import { CSPProvider } from '@base-ui/react/csp-provider';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ToastsProvider } from './components/toast.tsx';
import { queries, router } from './router.tsx';
import { WordsProvider } from './words/use-words.tsx';

// A page of an older release asks for files that are gone. Loaded anew, it knows the new ones; once only.
window.addEventListener('vite:preloadError', (event) => {
  const key = `reloaded ${window.location.pathname}`;
  if (window.sessionStorage.getItem(key) !== null) return;
  event.preventDefault();
  window.sessionStorage.setItem(key, 'once');
  window.location.reload();
});

const root = document.getElementById('root');
if (root)
  createRoot(root).render(
    <StrictMode>
      <CSPProvider disableStyleElements>
        <QueryClientProvider client={queries}>
          <WordsProvider>
            <ToastsProvider>
              <RouterProvider router={router} />
            </ToastsProvider>
          </WordsProvider>
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>,
  );
