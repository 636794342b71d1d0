/** A value that survives JSON. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
/** A JSON value that is an object. */
export type JsonObject = { readonly [key: string]: Json };
