// Original file: resource.proto

export interface ExpressionHeader {
  'name'?: (string);
  'expression'?: (string);
}

export interface ExpressionHeader__Output {
  'name'?: (string);
  'expression'?: (string);
}
