#!/usr/bin/env node
import { launch } from './launch.mjs';

await launch(import.meta.url, '../src/climc.ts');
