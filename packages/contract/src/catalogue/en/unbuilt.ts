/** What a browser is shown where the controller has no page to serve. */
export const unbuilt = {
  title: 'The page has not been built',
  text: 'This controller was started without its page. Build it in the folder of Wirebook with "npm run page", then start the controller again; "npm start" does both. The API is there:',
} as const;
