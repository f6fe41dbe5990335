/** The shapes of the verbs, around (0, 0), 12 wide. Hollow asks, filled answers. */
import type { Shape } from './tokens.ts'

const HOLLOW = 'class="hollow"'
const FILLED = 'class="filled"'
const STROKE = 'class="stroke"'

export const SHAPES: Record<Shape, string> = {
  'want-block': `<rect ${HOLLOW} x="-5" y="-5" width="10" height="10" rx="1"/>`,
  block: `<rect ${FILLED} x="-5.5" y="-5.5" width="11" height="11" rx="1"/>`,
  'want-have': `<circle ${HOLLOW} r="5"/>`,
  have: `<circle ${FILLED} r="5.5"/>`,
  'dont-have': `<circle ${HOLLOW} r="5"/><path ${STROKE} d="M-3.5 3.5 3.5 -3.5"/>`,
  cancel: `<path ${STROKE} d="M-4 -4 4 4M-4 4 4 -4"/>`,
  subscribe: `<path ${HOLLOW} d="M-4 -5 5 0 -4 5z"/>`,
  unsubscribe: `<path ${HOLLOW} d="M4 -5 -5 0 4 5z"/>`,
  complete: `<path ${STROKE} d="M0 -8V8"/>`,
  error: '<path class="fault" d="M-4.5 -4.5 4.5 4.5M-4.5 4.5 4.5 -4.5"/>',
  put: `<path ${STROKE} d="M-5 0H5M0 -5V5"/>`,
  delete: `<path ${STROKE} d="M-5 0H5"/>`,
  busy: `<path ${STROKE} d="M3 -8Q0 -8 0 -5V-2Q0 0 -3 0Q0 0 0 2V5Q0 8 3 8"/>`,
  drained: `<path ${STROKE} d="M-3 -8Q0 -8 0 -5V-2Q0 0 3 0Q0 0 0 2V5Q0 8 -3 8"/>`,
}
