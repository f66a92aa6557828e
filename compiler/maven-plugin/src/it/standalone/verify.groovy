def classes = new File(basedir, 'target/classes')
def java = [System.getProperty('java.home') + '/bin/java', '-cp', classes.path, 'com.acme.Main'].execute()
def errors = new StringBuilder()
java.consumeProcessErrorStream(errors)
assert java.text.trim() == '[0.5, 1.0, 1.5, 2.0]' : errors
true
