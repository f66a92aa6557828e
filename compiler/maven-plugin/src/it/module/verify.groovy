def classes = new File(basedir, 'target/classes')
def runtime = new File(localRepositoryPath, 'dev/tern/tern-runtime').listFiles().findAll { it.directory }
        .collectMany { it.listFiles() as List }.find { it.name.endsWith('.jar') }
def java = [System.getProperty('java.home') + '/bin/java', '-p', classes.path + File.pathSeparator + runtime.path, '-m',
        'application/com.acme.Main'].execute()
def errors = new StringBuilder()
java.consumeProcessErrorStream(errors)
assert java.text.trim() == '[0.5, 1.0, 1.5, 2.0] module application' : errors
true
