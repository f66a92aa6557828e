module application {
    requires dev.tern.runtime;
}
