def classes = new File(basedir, 'target/classes')
def java = [System.getProperty('java.home') + '/bin/java', '-cp', classes.path, 'com.acme.Main'].execute()
def errors = new StringBuilder()
java.consumeProcessErrorStream(errors)
assert java.text.trim() == '[1.0, 0.0, 3.0, 0.0]' : errors
true
