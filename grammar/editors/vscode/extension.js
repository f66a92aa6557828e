'use strict';
// Starts `tern lsp` and lets the editor speak with it.
const vscode = require('vscode');
const { LanguageClient } = require('vscode-languageclient/node');

let client;

function activate() {
    const command = vscode.workspace.getConfiguration('tern').get('command');
    client = new LanguageClient('tern', 'Tern', { command, args: ['lsp'] },
        { documentSelector: [{ language: 'tern' }] });
    return client.start();
}

function deactivate() {
    return client && client.stop();
}

module.exports = { activate, deactivate };
