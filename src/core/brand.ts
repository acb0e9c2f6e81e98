/** Gives a primitive a name of its own in the type system, so that units cannot be mixed up. */
export type Brand<T, Name extends string> = T & { readonly __brand: Name };
