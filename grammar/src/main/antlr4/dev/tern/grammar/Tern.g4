grammar Tern;
file : EOF;
WS : [ \t\r\n]+ -> channel(HIDDEN);
