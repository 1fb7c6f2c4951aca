export declare const MISSING: string;
export declare function getPython(): { readonly python: string | null; readonly hasTorch: boolean };
