def classes = new File(basedir, 'target/classes/com/acme')
def release = { name -> new File(classes, name).withDataInputStream { it.skipBytes(6); it.readUnsignedShort() - 44 } }
// What is for small JVMs has its weights in a class of Java 8, what is not has code for the one width asked for.
assert release('Half.class') == 8
assert !new File(classes, 'HalfSession.class').exists()
assert release('TwiceSession.class') == 17
assert new File(classes, 'TwiceSession$Vector256.class').exists()
assert !new File(classes, 'TwiceSession$Vector512.class').exists()
def java = [System.getProperty('java.home') + '/bin/java', '-cp', classes.parentFile.parent, 'com.acme.Main'].execute()
def errors = new StringBuilder()
java.consumeProcessErrorStream(errors)
assert java.text.trim() == '[1.0, 2.0, 3.0, 4.0]' : errors
// Neither execution undoes what the other did.
def log = new File(basedir, 'build.log').text
assert log.count('Nothing to compile - all models are up to date') >= 2
assert log.contains("--target takes portable, 128, 256, 512 or edge, not 'wide'")
true
