/* The calendar of schedules with cron, for whoever puts a runner together. */
export { cronNext } from '../adapters/system/calendar.ts';
