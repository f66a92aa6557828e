def jar = new File(basedir, 'target/shaded-1.0.jar')
new java.util.zip.ZipFile(jar).withCloseable { files ->
    assert files.entries().every { !(it.name =~ /^(com\/acme|dev\/tern)\/./) }
    assert files.getEntry('org/other/app/HalfSession.weights')
}
def run = { options ->
    def java = ([System.getProperty('java.home') + '/bin/java'] + options + ['-cp', jar.path, 'org.other.app.Main']).execute()
    def errors = new StringBuilder()
    java.consumeProcessErrorStream(errors)
    [java.text.trim(), errors]
}
def names = 'org.other.app.Half org.other.tern.runtime.Signature'
def (plain, errors) = run([])
assert plain == "[0.5, 1.0, 1.5, 2.0] ${names} portable" : errors
if (Runtime.version().feature() == 25) {
    // Vector code lies beside the class under the new name, too.
    def (vector, said) = run(['--add-modules', 'jdk.incubator.vector', '-Dtern.target=256'])
    assert vector == "[0.5, 1.0, 1.5, 2.0] ${names} vector 256" : said
}
true
