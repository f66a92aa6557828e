/*
 * The Tern language. What each construct means is told in grammar/README.md.
 *
 * Line breaks mean nothing. The words that open a statement (parameters, default, ...) and the units of
 * bytes stay usable as names, because a parser that sees what follows them is never in doubt.
 */
grammar Tern;

file
    : declaration* EOF
    ;

declaration
    : kind=(MODEL | BLOCK) name LPAREN inputs? RPAREN ARROW LPAREN outputs? RPAREN body
    ;

inputs
    : input (COMMA input)* COMMA?
    ;

input
    : name COLON type (OVER INTEGER)? (ASSIGN pipeline)?
    ;

outputs
    : output (COMMA output)* COMMA?
    ;

output
    : name COLON type
    ;

type
    : name (LBRACKET (pipeline (COMMA pipeline)* COMMA?)? RBRACKET)?
    ;

body
    : LBRACE statement* RBRACE
    ;

statement
    : PARAMETERS STRING (LAYOUT COLON name)? (MAP renamings)?  # parametersStatement
    | DEFAULT settings                                # defaultStatement
    | BUDGET settings                                 # budgetStatement
    | LABELS name (COLON strings | STRING)            # labelsStatement
    | name ASSIGN pipeline                            # bindingStatement
    ;

renamings
    : renaming (COMMA renaming)* COMMA?
    ;

renaming
    : STRING TO STRING
    ;

settings
    : setting (COMMA setting)* COMMA?
    ;

setting
    : name COLON pipeline
    ;

strings
    : STRING (COMMA STRING)* COMMA?
    ;

pipeline
    : step (PIPE step)*
    ;

step
    : expression suffix*
    ;

suffix
    : AS name                                         # nameSuffix
    | IF expression                                   # conditionSuffix
    ;

expression
    : primary                                         # primaryExpression
    | operator=(MINUS | PLUS) expression              # signExpression
    | expression operator=(STAR | SLASH) expression   # binaryExpression
    | expression operator=(PLUS | MINUS) expression   # binaryExpression
    | expression RANGE expression                     # rangeExpression
    | expression operator=(EQUAL | NOT_EQUAL | LESS | LESS_EQUAL | GREATER | GREATER_EQUAL) expression
                                                      # binaryExpression
    | NOT expression                                  # notExpression
    | expression operator=AND expression              # binaryExpression
    | expression operator=OR expression               # binaryExpression
    ;

primary
    : INTEGER BYTE_UNIT?                              # integerPrimary
    | DECIMAL                                         # decimalPrimary
    | SIZE                                            # sizePrimary
    | STRING                                          # stringPrimary
    | value=(TRUE | FALSE)                            # booleanPrimary
    | UNDERSCORE                                      # inferredPrimary
    | name arguments?                                 # namePrimary
    | LBRACKET (pipeline (COMMA pipeline)* COMMA?)? RBRACKET  # listPrimary
    | LPAREN pipeline RPAREN                          # groupPrimary
    ;

arguments
    : LPAREN (argument (COMMA argument)* COMMA?)? RPAREN
    ;

argument
    : (name COLON)? pipeline
    ;

name
    : NAME | MODEL | BLOCK | PARAMETERS | LAYOUT | MAP | TO | DEFAULT | BUDGET | LABELS | OVER | BYTE_UNIT
    ;

// Words that cannot be names.
IF : 'if';
AS : 'as';
OR : 'or';
AND : 'and';
NOT : 'not';
TRUE : 'true';
FALSE : 'false';

// Words that can.
MODEL : 'model';
BLOCK : 'block';
PARAMETERS : 'parameters';
LAYOUT : 'layout';
MAP : 'map';
TO : 'to';
DEFAULT : 'default';
BUDGET : 'budget';
LABELS : 'labels';
OVER : 'over';
BYTE_UNIT : 'B' | 'kB' | 'KiB' | 'MB' | 'MiB';

UNDERSCORE : '_';
NAME : [A-Za-z_] [A-Za-z0-9_]*;

// 0..1 is a range of two integers: a point belongs to a number only where a digit follows it.
SIZE : DIGIT+ ('x' DIGIT+)+;
DECIMAL : DIGIT+ '.' DIGIT+ EXPONENT? | DIGIT+ EXPONENT;
INTEGER : DIGIT+;
fragment EXPONENT : [eE] [+-]? DIGIT+;
fragment DIGIT : [0-9];

STRING : '"' STRING_PART* '"';
OPEN_STRING : '"' STRING_PART* '\\'?;
fragment STRING_PART : ~["\\\r\n] | '\\' ~[\r\n];

PIPE : '|>';
ARROW : '->';
EQUAL : '==';
NOT_EQUAL : '!=';
LESS_EQUAL : '<=';
GREATER_EQUAL : '>=';
LESS : '<';
GREATER : '>';
RANGE : '..';
ASSIGN : '=';
PLUS : '+';
MINUS : '-';
STAR : '*';
SLASH : '/';
COMMA : ',';
COLON : ':';
LPAREN : '(';
RPAREN : ')';
LBRACKET : '[';
RBRACKET : ']';
LBRACE : '{';
RBRACE : '}';

// A fourth slash makes a comment an ordinary one again: a rule of slashes documents nothing.
DOCUMENTATION : '///' (~[/\r\n] ~[\r\n]*)? -> channel(HIDDEN);
COMMENT : '//' ~[\r\n]* -> channel(HIDDEN);
SPACE : [ \t\r\n\f\uFEFF]+ -> skip;
UNKNOWN : .;
