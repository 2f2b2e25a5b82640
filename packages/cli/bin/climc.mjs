#!/usr/bin/env node
import '../src/climc.ts';
