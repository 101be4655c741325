// The overview: is my data safe, what moves, what needs somebody. In a
// real Chromium over the mock of the API.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import * as scenes from './scenes.mjs'
import { onStage, page, show, text } from './stage.mjs'

onStage()

test('an empty node teaches: what to do, and the command that does the same', async () => {
  await show(scenes.empty(), '/')
  assert.match(await text('h1'), /Nothing\s*is stored here yet/)
  assert.match(await text('.empty'), /weir add PATH/)
  assert.equal(await page.locator('[role=alert]').count(), 0)
})

test('the overview says how much is safe, in one sentence', async () => {
  await show(scenes.working(), '/')
  assert.match(await text('h1'), /551 MiB\s*safe/)
  assert.match(await text('.answer .more'), /on their way.*1 thing needs you/)
  assert.match(await text('.attention'), /Only 6 of 7 providers are eligible/)
  assert.equal(await page.locator('.levels .level').count(), 3)
})
