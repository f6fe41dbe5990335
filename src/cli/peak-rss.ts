import { resourceUsage } from 'node:process'

/** The most memory that this process ever had, in bytes. */
export const peakRssBytes = (): number => resourceUsage().maxRSS * 1024
