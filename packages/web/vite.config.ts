import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2023',
    manifest: true,
    // Sizes are measured by a bench; what the build says is read by nobody.
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
  server: {
    // `npx vite` beside a controller, for those who change the page.
    proxy: { '/api': process.env['WIREBOOK_URL'] ?? 'http://127.0.0.1:8787' },
  },
});
