/**
 * A function's own lines: those not inside a function within it. A stage is a closure around many
 * small functions, which `max-lines-per-function` would count as one long one.
 */
export const ownLines = {
  meta: {
    type: 'suggestion',
    schema: [{ type: 'integer' }],
    messages: { long: 'This function has {{own}} lines of its own; at most {{max}}.' },
  },
  create (context) {
    const [max] = context.options
    const inner = [0]
    return {
      ':function': () => inner.push(0),
      ':function:exit' (node) {
        const linesBelowFirst = node.loc.end.line - node.loc.start.line
        const own = linesBelowFirst + 1 - inner.pop()
        inner[inner.length - 1] += linesBelowFirst
        if (own > max) context.report({ node, messageId: 'long', data: { own, max } })
      },
    }
  },
}
